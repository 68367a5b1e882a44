// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";

/// @notice claimFor: each effect and each refusal.
contract ClaimTest is PurseTest {
    address private receiver = address(0x7070);

    function test_claim_splits() public {
        open();
        vm.expectEmit(address(purse));
        emit ISeaPurse.Claimed(payee, receiver, stranger, 1 ether, 0.1 ether);
        claim(1 ether, claimOf(0.2 ether), 0.1 ether);
        assertEq(receiver.balance, 0.9 ether, "receiver");
        assertEq(stranger.balance, 0.1 ether, "fee");
        assertEq(payee.balance, 0, "payee");
        assertEq(lane().paid, 1 ether, "paid");
    }

    function test_claim_withoutFee() public {
        open();
        claim(1 ether, claimOf(0), 0);
        assertEq(receiver.balance, 1 ether, "receiver");
        assertEq(stranger.balance, 0, "fee");
    }

    function test_claim_feeMayTakeAll() public {
        open();
        claim(1 ether, claimOf(1 ether), 1 ether);
        assertEq(receiver.balance, 0, "receiver");
        assertEq(stranger.balance, 1 ether, "fee");
    }

    function test_claim_holdsThroughItsDeadline() public {
        open();
        vm.warp(NOW + 1000);
        claim(1 ether, claimOf(0), 0);
        assertEq(receiver.balance, 1 ether, "receiver");
    }

    function test_claim_holdsForLaterVouchers() public {
        open();
        claim(1 ether, claimOf(0.1 ether), 0.1 ether);
        claim(2 ether, claimOf(0.1 ether), 0.1 ether);
        assertEq(receiver.balance, 1.8 ether, "receiver");
    }

    function test_claim_onlyWhileUnlocking() public {
        open();
        ISeaPurse.Claim memory c = claimOf(0);
        c.onlyWhileUnlocking = true;
        vm.expectRevert(ISeaPurse.NotUnlocking.selector);
        this.claim(1 ether, c, 0);
        requestUnlock();
        claim(1 ether, c, 0);
        assertEq(receiver.balance, 1 ether, "receiver");
    }

    function test_claim_onlyWhileUnlocking_countsExpiry() public {
        openWith(key, NOW + 10);
        ISeaPurse.Claim memory c = claimOf(0);
        c.onlyWhileUnlocking = true;
        vm.warp(NOW + 9);
        vm.expectRevert(ISeaPurse.NotUnlocking.selector);
        this.claim(1 ether, c, 0);
        vm.warp(NOW + 10);
        claim(1 ether, c, 0);
        assertEq(receiver.balance, 1 ether, "receiver");
    }

    function test_claim_onlyWhileUnlocking_worksOnReservedLaneOfClosedPurse() public {
        open();
        reserve(1 ether, NOW + 100);
        close();
        ISeaPurse.Claim memory c = claimOf(0);
        c.onlyWhileUnlocking = true;
        c.deadline = NEVER;
        claim(1 ether, c, 0);
        assertEq(receiver.balance, 1 ether, "receiver");
    }

    function test_claim_refusesAfterDeadline() public {
        open();
        vm.warp(NOW + 1001);
        vm.expectRevert(ISeaPurse.ClaimExpired.selector);
        this.claim(1 ether, claimOf(0), 0);
    }

    function test_claim_refusesFeeAboveMax() public {
        open();
        vm.expectRevert(ISeaPurse.FeeTooHigh.selector);
        this.claim(1 ether, claimOf(5), 6);
    }

    function test_claim_refusesFeeAboveAmount() public {
        open();
        vm.expectRevert(ISeaPurse.FeeTooHigh.selector);
        this.claim(5, claimOf(1 ether), 6);
    }

    function test_claim_refusesNothingToPay() public {
        open();
        redeem(1 ether);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, key));
        this.claim(1 ether, claimOf(0), 0);
    }

    function test_claim_refusesSignatureOfAnother() public {
        open();
        ISeaPurse.Claim memory c = claimOf(0);
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.ClaimNotByPayee.selector, vm.addr(OTHER_KEY)));
        this.claimSignedBy(OTHER_KEY, 1 ether, c, c);
    }

    /// @notice A relayer cannot turn the money to itself.
    function test_claim_refusesOtherTermsThanSigned() public {
        open();
        ISeaPurse.Claim memory signed = claimOf(0);
        ISeaPurse.Claim memory shown = claimOf(0);
        shown.to = stranger;
        vm.expectRevert();
        this.claimSignedBy(PAYEE, 1 ether, shown, signed);
        shown = claimOf(1 ether);
        vm.expectRevert();
        this.claimSignedBy(PAYEE, 1 ether, shown, signed);
        assertEq(lane().paid, 0, "nothing was paid");
    }

    function claim(uint96 cumulative, ISeaPurse.Claim memory c, uint96 fee) public {
        claimWith(PAYEE, cumulative, c, c, fee);
    }

    function claimSignedBy(uint256 signer, uint96 cumulative, ISeaPurse.Claim memory shown, ISeaPurse.Claim memory signed)
        external
    {
        claimWith(signer, cumulative, shown, signed, 0);
    }

    function claimWith(
        uint256 signer,
        uint96 cumulative,
        ISeaPurse.Claim memory shown,
        ISeaPurse.Claim memory signed,
        uint96 fee
    ) private {
        ISeaPurse.Voucher memory v = voucherOf(cumulative);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        ISeaPurse.Signature memory byPayee = sign(signer, address(purse), hashOf(signed));
        vm.prank(stranger);
        purse.claimFor(v, byKey, shown, byPayee, fee);
    }

    function claimOf(uint96 maxFee) private view returns (ISeaPurse.Claim memory) {
        return ISeaPurse.Claim(payer, key, LANE, receiver, maxFee, false, NOW + 1000);
    }
}
