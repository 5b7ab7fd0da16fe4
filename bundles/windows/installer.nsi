; The installer for Windows, for the user alone: it needs no administrator.
; makensis -DVERSION=… -DNUMBERS=… -DKILOBYTES=… -DICON=… -DSOURCE=folder -DOUTPUT=file.exe installer.nsi
Unicode true
Target amd64-unicode
!include "MUI2.nsh"

Name "mnistviz"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\mnistviz"
InstallDirRegKey HKCU "Software\mnistviz" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "mnistviz"
VIAddVersionKey "FileDescription" "Installs mnistviz"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "mnistviz contributors"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\mnistviz.exe"
!insertmacro MUI_PAGE_LICENSE "${SOURCE}\LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\mnistviz"
!define CLASSES "Software\Classes"

Function Close ; a program that runs keeps its files open
  FindWindow $0 "" "mnistviz"
  StrCmp $0 0 done
    MessageBox MB_OKCANCEL "Please close mnistviz first." /SD IDOK IDOK done
    Abort
  done:
FunctionEnd

Section
  Call Close
  RMDir /r "$INSTDIR\packages" ; of the version before
  RMDir /r "$INSTDIR\python"
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\mnistviz.lnk" "$INSTDIR\mnistviz.exe"

  WriteRegStr HKCU "Software\mnistviz" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${CLASSES}\.mnistviz" "" "mnistviz.experiment"
  WriteRegStr HKCU "${CLASSES}\mnistviz.experiment" "" "mnistviz experiment"
  WriteRegStr HKCU "${CLASSES}\mnistviz.experiment\DefaultIcon" "" "$INSTDIR\mnistviz.exe,0"
  WriteRegStr HKCU "${CLASSES}\mnistviz.experiment\shell\open\command" "" '"$INSTDIR\mnistviz.exe" "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)' ; the icons of files

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "mnistviz"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\mnistviz.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "mnistviz contributors"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "${KILOBYTES}"
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall" ; runs and settings of the user are elsewhere, and stay
  RMDir /r "$INSTDIR\packages"
  RMDir /r "$INSTDIR\python"
  Delete "$INSTDIR\mnistviz.exe"
  Delete "$INSTDIR\mnistviz-console.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\mnistviz.lnk"
  DeleteRegKey HKCU "${CLASSES}\mnistviz.experiment"
  DeleteRegKey HKCU "${CLASSES}\.mnistviz"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\mnistviz"
SectionEnd
